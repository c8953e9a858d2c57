#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file open for reading, from its start or anywhere.
final class FileSource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let descriptor: CInt

  init(_ path: String) throws(DataError) {
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw Self.unreadable(path, errno == ENOENT ? "none" : "one that cannot be opened: \(reason)")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw Self.unreadable(path, isFolder ? "a folder" : "one that is no regular file")
    }
    byteLimit = Int(status.st_size)
  }

  deinit { close(descriptor) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let count = try read(into: buffer, at: position)
    position += count
    return count
  }

  /// Reads at an offset, and leaves the place where the next ordinary reading goes on.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) -> Int {
    // A file that grows meanwhile is read as far as it went when it was opened.
    let room = min(buffer.count, byteLimit - offset, 1 << 30)
    guard room > 0 else { return 0 }
    while true {
      let count = pread(descriptor, buffer.baseAddress, room, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR {
        throw DataError(
          .unreadable, file: name, at: .offset(offset), expected: "bytes that can be read",
          found: reason)
      }
    }
  }

  /// Fills all of `buffer` from an offset.
  func fillWhole(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(DataError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try read(into: rest, at: offset + done)
      if count == 0 {
        throw DataError(
          .truncated, file: name, at: .offset(offset + done),
          expected: "\(buffer.count - done) more bytes", found: "the end")
      }
      done += count
    }
  }

  private static func unreadable(_ path: String, _ found: String) -> DataError {
    DataError(.unreadable, file: path, at: .file, expected: "a readable file", found: found)
  }
}

/// What the system says was wrong with its last call.
private var reason: String { String(cString: strerror(errno)) }

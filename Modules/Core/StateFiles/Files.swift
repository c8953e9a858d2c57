#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file open for reading.
package final class InputFile {
  let path: String
  package let byteCount: Int
  private let descriptor: CInt

  package init(_ path: String) throws(StateFileError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .system(path, "open it") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = StateFileError.system(path, "ask for its size")
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .inaccessible(path: path, operation: "read it", reason: "not a regular file")
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The bytes at a place in the file; the caller has made sure that their number is sane.
  package func bytes(count: Int, at offset: Int) throws(StateFileError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { buffer.deallocate() }
    try read(into: buffer, at: offset)
    return Array(buffer)
  }

  /// Fills `bytes` from a place in the file.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(StateFileError) {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.unsafelyUnwrapped + done, min(bytes.count - done, 1 << 30),
        off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(path, "read it")
      }
      if count == 0 {
        throw .damaged(
          path: path, part: "length of the file", expected: "\(offset + bytes.count) bytes or more",
          found: "\(offset + done)")
      }
      done += count
    }
  }
}

/// A file that appears under its name only when it is complete.
package final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  private var descriptor: CInt
  private var isCommitted = false

  /// Opens a file of another name in the same folder, since a rename cannot cross file systems.
  package init(_ path: String) throws(StateFileError) {
    self.path = path
    var attempt = 0
    var candidate: String
    repeat {
      attempt += 1
      candidate = "\(path).\(String(UInt32.random(in: 0 ... .max), radix: 36)).partial"
      descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    } while descriptor < 0 && errno == EEXIST && attempt < 100
    temporaryPath = candidate
    if descriptor < 0 {
      isCommitted = true
      throw .system(path, "create a file in its folder")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted { unlink(temporaryPath) }
  }

  package func write(_ bytes: [UInt8]) throws(StateFileError) {
    // The standard library's closure forgets the type of what is thrown through it.
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(StateFileError) in try write(bytes) }
    }.get()
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(StateFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, part.baseAddress, min(part.count, 1 << 30))
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, part.baseAddress, min(part.count, 1 << 30))
      #else
        let count = Darwin.write(descriptor, part.baseAddress, min(part.count, 1 << 30))
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(path, "write it")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts the file in its place, once its bytes are on the disk.
  package func commit() throws(StateFileError) {
    guard fsync(descriptor) == 0 else { throw .system(path, "write it to the disk") }
    let status = close(descriptor)
    descriptor = -1
    guard status == 0 else { throw .system(path, "write it") }
    guard rename(temporaryPath, path) == 0 else { throw .system(path, "replace it") }
    isCommitted = true
    syncFolder()
  }

  /// Makes the new name last as well. A file system that cannot do that for folders is no error.
  private func syncFolder() {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    let descriptor = open(folder ?? ".", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension StateFileError {
  /// What the system says was wrong with its last call.
  static func system(_ path: String, _ operation: String) -> StateFileError {
    .inaccessible(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}

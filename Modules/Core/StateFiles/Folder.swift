#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of files.
struct Folder: Sendable {
  let path: String

  /// Makes the folder, and those around it, unless it is there.
  init(making path: String) throws(StateFileError) {
    self.path = path
    var end = path.startIndex
    repeat {
      end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
      let part = String(path[..<end])
      guard mkdir(part, 0o777) != 0, errno != EEXIST, !isFolder(part) else { continue }
      throw .system(path, "make this folder")
    } while end < path.endIndex
    guard isFolder(path) else {
      throw .inaccessible(path: path, operation: "make this folder", reason: "a file is in the way")
    }
  }

  /// The names of the files, in no particular order.
  func names() throws(StateFileError) -> [String] {
    guard let folder = opendir(path) else { throw .system(path, "list this folder") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
        })
    }
    return names
  }

  /// The path of a file in it.
  func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Removes a file. One that is not there is no error.
  func remove(_ name: String) throws(StateFileError) {
    guard unlink(path(of: name)) == 0 || errno == ENOENT else {
      throw .system(path(of: name), "remove it")
    }
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

import Foundation

/// Says which input it was when the process is about to die, and sees to it that it dies of an input
/// that takes forever or more memory than it should.
enum Watchdog {
  /// The input that is being read, and what to say of it, where a signal handler can reach them.
  nonisolated(unsafe) private static var bytes = UnsafeMutableRawPointer.allocate(
    byteCount: 1 << 20, alignment: 1)
  nonisolated(unsafe) private static var count = 0
  nonisolated(unsafe) private static var message = [CChar](repeating: 0, count: 512)
  nonisolated(unsafe) private static var messageCount = 0
  nonisolated(unsafe) private static var path = strdup("")

  /// Seconds that one input may take.
  private static let patience: UInt32 = 20

  /// - Parameter path: Where an input that ends the process is written.
  static func start(writingTo path: String) {
    Self.path = strdup(path)
    // A stack of its own, for when the other one is full.
    var stack = stack_t()
    stack.ss_size = 1 << 16
    stack.ss_sp = .allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in Watchdog.report(signal) }
    action.sa_flags =
      Int32(bitPattern: UInt32(SA_ONSTACK)) | Int32(bitPattern: UInt32(SA_RESETHAND))
    for signal in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGALRM] {
      sigaction(signal, &action, nil)
    }
  }

  /// Lets the process have no more than `megabytes` beyond what it has now.
  static func limitMemory(to megabytes: Int) {
    #if os(Linux)
      guard let status = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
        let pages = status.split(separator: " ").first.flatMap({ Int($0) })
      else { return }
      var limit = rlimit()
      limit.rlim_cur = rlim_t(pages * Int(sysconf(Int32(_SC_PAGESIZE))) + megabytes << 20)
      limit.rlim_max = limit.rlim_cur
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #endif
  }

  /// The most memory that the process has held so far, in megabytes.
  static var peakMegabytes: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss >> 10
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss >> 20
    #endif
  }

  static func watch(_ input: [UInt8], _ text: @autoclosure () -> String) {
    count = min(input.count, 1 << 20)
    input.withUnsafeBytes {
      bytes.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(bytes), byteCount: count)
    }
    var text = text()
    messageCount = text.withUTF8 { utf8 in
      let length = min(utf8.count, 511)
      for index in 0..<length { message[index] = CChar(bitPattern: utf8[index]) }
      return length
    }
    alarm(patience)
  }

  static func rest() { alarm(0) }

  /// Writes the input to its file. Only what a signal handler may call.
  static func save() {
    let file = open(path!, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = write(file, bytes, count)
    close(file)
  }

  private static func report(_ signal: Int32) {
    save()
    let reason: StaticString =
      signal == SIGALRM ? "\nan input took too long: " : "\nan input ended the process: "
    _ = write(2, reason.utf8Start, reason.utf8CodeUnitCount)
    message.withUnsafeBufferPointer { _ = write(2, $0.baseAddress, messageCount) }
    _ = write(2, "\n", 1)
    _exit(1)
  }
}

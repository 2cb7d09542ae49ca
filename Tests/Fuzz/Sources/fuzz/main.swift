import Foundation

/// Of libFuzzer: calls the target with inputs of its own making until a time or a failure.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What libFuzzer's own `main` would call; this one names the target itself.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt { 0 }

let words = CommandLine.arguments
if words.count == 2, words[1] == "--list" {
    for target in FuzzTarget.all { print(target.name) }
    exit(0)
}
if words.count == 4, words[1] == "--seed" {
    try Seeds.write(from: words[2], to: words[3])
    exit(0)
}
guard words.count > 1, let target = FuzzTarget.all.first(where: { $0.name == words[1] }) else {
    print("usage: fuzz TARGET [CORPUS…] [libFuzzer options]\n       fuzz --list\n       fuzz --seed SAMPLES SEEDS")
    exit(64)
}
FuzzTarget.current = target

// The name of the target is none of libFuzzer's arguments.
var arguments: [UnsafeMutablePointer<CChar>?] = ([words[0]] + words.dropFirst(2)).map { strdup($0) } + [nil]
var count = CInt(arguments.count - 1)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
    var base = buffer.baseAddress
    return runDriver(&count, &base) { bytes, size in
        let input = bytes.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
        FuzzTarget.current?.run(input)
        return 0
    }
}
exit(status)

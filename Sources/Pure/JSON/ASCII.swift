package func isASCIIDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
package func isASCIILetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

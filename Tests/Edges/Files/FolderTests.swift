import Testing

@testable import SidetoneFiles

@Suite struct FolderTests {
    @Test func `a folder that cannot be opened is named, with the reason and what to check`() throws {
        let folder = try TemporaryDirectory()
        let error = #expect(throws: FileError.self) { try Folder.at("\(folder.path)/missing", makes: false) }
        #expect(
            error?.description
                == "\(folder.path)/missing: cannot open it: No such file or directory; check the path [notFound]")
    }

    @Test func `a folder that cannot be created below a file is named, with the reason and what to check`() throws {
        let folder = try TemporaryDirectory()
        let file = "\(folder.path)/file"
        try folder.write([], to: "file")
        let error = #expect(throws: FileError.self) { try Folder.at("\(file)/below", makes: true) }
        #expect(error?.description == "\(file)/below: cannot create it: Not a directory; check the path [notFound]")
    }
}

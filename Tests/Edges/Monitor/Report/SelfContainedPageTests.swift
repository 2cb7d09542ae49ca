import Testing

@testable import SidetoneMonitor

@Suite struct SelfContainedPageTests {
    private let files = [
        "call.html": """
        <html><head>
        <title>Old</title>
        <script src="/assets/boot.js"></script>
        <link rel="icon" href="/assets/icon.svg">
        <link rel="stylesheet" href="/assets/css/a.css">
        <script type="module" src="/assets/pages/call.js"></script>
        </head>
        <body class="page-call"><p>Text</p></body></html>
        """,
        "boot.js": "boot()", "css/a.css": "p { color: red }",
        "pages/report.js": #"import { b } from "../draw/b.js""#,
        "draw/b.js": #"import { c } from "./c.js""#, "draw/c.js": "export const c = 1",
    ]

    private func made(_ data: String, without missing: String = "") -> String? {
        let page = SelfContainedPage { $0 == missing ? nil : files[$0] }
        return page.html(page: "call.html", entry: "pages/report.js", data: data, title: "A <b> & c")
    }

    @Test func `nothing is fetched, and every module is included`() throws {
        let html = try #require(made("{}"))
        #expect(!html.contains("/assets/") && !html.contains("http:") && !html.contains("https:"))
        for name in ["sidetone/pages/report.js", "sidetone/draw/b.js", "sidetone/draw/c.js"] {
            #expect(html.contains("\"\(name)\":\"data:text/javascript;base64,"))
        }
        #expect(html.contains("p { color: red }") && html.contains("boot()"))
        #expect(html.contains("<title>A &lt;b> &amp; c</title>") && !html.contains("Old"))
    }

    @Test func `data cannot close its element`() throws {
        let html = try #require(made(#"{"a":"</script><script>alert(1)</script>"}"#))
        #expect(!html.contains("</script><script>alert"))
        #expect(html.contains(#"\u003c/script>\u003cscript>alert"#))
    }

    @Test(arguments: ["call.html", "boot.js", "css/a.css", "pages/report.js", "draw/c.js"])
    func `a missing file is detected`(_ missing: String) {
        #expect(made("{}", without: missing) == nil)
    }
}

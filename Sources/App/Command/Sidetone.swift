@main struct Sidetone { static func main() {} }

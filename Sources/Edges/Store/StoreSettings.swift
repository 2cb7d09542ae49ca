package import SidetoneModel

/// Where and how calls are remembered: the `store` sink of a pipeline file.
package struct StoreSettings: ComponentSettings {
    package var directory = "out"
    package var keepNumbers = false
    package var overview = true
    package var waveform = true
    package var batchMs = 500
    package var retentionDays = 30
    package var retentionFiles = false
    package var spoolMB = 16

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; the history is its file calls.sqlite."),
        Setting("keep_numbers", \.keepNumbers, "Telephone numbers are kept as they are, not masked."),
        Setting("overview", \.overview, "Level, peak, speech and F0 of each track are kept ten times a second."),
        Setting("waveform", \.waveform, "The overview also holds each step's lowest and highest sample."),
        Setting("batch_ms", \.batchMs, in: 50...10_000, "How long records gather before they are written together."),
        Setting(
            "retention_days", \.retentionDays, in: 0...36_500,
            "Calls that ended longer ago are removed, once an hour; 0 keeps them for ever."),
        Setting(
            "retention_files", \.retentionFiles, "The folders of the calls that retention removes are removed, too."),
        Setting(
            "spool_mb", \.spoolMB, in: 1...1_024,
            "What is kept in memory, in MiB, while the file cannot be written; what is more is lost and counted."),
    ]
}

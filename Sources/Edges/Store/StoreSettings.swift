package import SidetoneModel

/// Settings of the `store` sink, which writes the call history.
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
        Setting("keep_numbers", \.keepNumbers, "Store telephone numbers in full instead of masking them."),
        Setting("overview", \.overview, "Store level, peak, speech and F0 of each track ten times per second."),
        Setting("waveform", \.waveform, "Also store the lowest and highest sample of each step of the overview."),
        Setting(
            "batch_ms", \.batchMs, in: 50...10_000,
            "How long records are collected before they are written in one transaction."),
        Setting(
            "retention_days", \.retentionDays, in: 0...36_500,
            "Calls that ended longer ago are removed once an hour; 0 keeps them forever."),
        Setting(
            "retention_files", \.retentionFiles, "Retention also removes the folders of the calls."),
        Setting(
            "spool_mb", \.spoolMB, in: 1...1_024,
            "MiB of records kept in memory while the file cannot be written; further records are lost and counted."),
    ]
}

/// The release that these sources are.
public enum PlaitVersion {
    /// As `plait --version` prints it and as manifests record it.
    public static let current = "0.1.0"
}

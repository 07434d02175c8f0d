/// Numbers that stand for states and actions where coverage is counted: the same in every run of the program, unlike
/// those of `Hasher`. Two that fall together hide something new, so 64 bits are mixed well.
enum CoverageKey {
    /// The finalizer of SplitMix64.
    static func mixed(_ key: UInt64, _ more: UInt64) -> UInt64 {
        var key = (key ^ more) &+ 0x9E37_79B9_7F4A_7C15
        key = (key ^ key >> 30) &* 0xBF58_476D_1CE4_E5B9
        key = (key ^ key >> 27) &* 0x94D0_49BB_1331_11EB
        return key ^ key >> 31
    }

    /// FNV-1a of the text, mixed.
    static func of(_ text: String) -> UInt64 {
        var key: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { key = (key ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mixed(key, 0)
    }
}

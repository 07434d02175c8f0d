extension ModelChoice {
    /// Each answers the argument of that name, or nil when the file did not give it. The reader has checked its kind.
    public func probability(_ name: String) -> Probability? {
        if case .probability(let value)? = self[name] { value } else { nil }
    }

    public func interval(_ name: String) -> Interval? {
        if case .interval(let value)? = self[name] { value } else { nil }
    }

    public func bytes(_ name: String) -> Int64? {
        if case .bytes(let value)? = self[name] { value } else { nil }
    }

    public func packets(_ name: String) -> Int64? {
        if case .packets(let value)? = self[name] { value } else { nil }
    }

    public func rate(_ name: String) -> Rate? {
        if case .rate(let value)? = self[name] { value } else { nil }
    }

    /// In packets per thousand seconds.
    public func frequency(_ name: String) -> Int64? {
        if case .frequency(let value)? = self[name] { value } else { nil }
    }

    public func integer(_ name: String) -> Int64? {
        if case .integer(let value)? = self[name] { value } else { nil }
    }

    /// In millionths.
    public func decimal(_ name: String) -> Int64? {
        if case .decimal(let value)? = self[name] { value } else { nil }
    }

    public func flag(_ name: String) -> Bool { self[name] == .flag(true) }
}

public import PlaitCore

/// What a scheduler is made for.
public struct SchedulerContext: Sendable {
    /// Paths that may be open at once; slots are below it unless paths come and go.
    public var pathsMax: Int

    public init(pathsMax: Int) { self.pathsMax = pathsMax }
}

/// A scheduler's name and parameters, and how it is made from them.
public struct SchedulerRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, SchedulerContext) throws(ModelError) -> any Scheduler

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, SchedulerContext) throws(ModelError) -> any Scheduler
    ) {
        self.signature = signature
        self.make = make
    }
}

/// The schedulers that scenario files can name. A new one is one file and one line here, or one `append` in a
/// researcher's own package.
public struct Schedulers: Sendable {
    public var registrations: [SchedulerRegistration]

    public init(_ registrations: [SchedulerRegistration]) { self.registrations = registrations }

    public subscript(name: String) -> SchedulerRegistration? { registrations.first { $0.signature.name == name } }

    public static let standard = Schedulers([
        MinRTT.registration,
        RoundRobin.registration,
        WeightedRoundRobin.registration,
        BLEST.registration,
        ECF.registration,
        Redundant.registration,
        Earliest.registration,
    ])
}

/// Someone who wants to see what happened: a file writer, the law checker, a meter.
public protocol TraceObserver: AnyObject {
    /// Called with events in the order they happened, many at a time; the batches' borders mean nothing.
    func observe(_ events: Span<TraceEvent>)

    /// Called once, after the last event, with the instant at which the run ended.
    func finish(at end: Instant)
}

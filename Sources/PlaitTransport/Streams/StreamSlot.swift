/// One live stream and what is to be told of it.
struct StreamSlot: ~Copyable {
    let id: StreamID
    /// 0 is sent first.
    var priority: UInt8
    /// Where it waits with those of the same pin.
    var lane = 0
    var send: SendSide
    var receive: ReceiveSide
    var news: News = []
    /// Bytes sent in its present turn, with what it sent too much, or less what it sent too little, in those before.
    var spent = 0

    /// Events that the application has not taken yet, in the order in which they are told.
    struct News: OptionSet {
        let rawValue: UInt8

        static let opened = News(rawValue: 1)
        static let stopped = News(rawValue: 2)
        static let writable = News(rawValue: 4)
        static let readable = News(rawValue: 8)
        static let reset = News(rawValue: 16)
        static let finished = News(rawValue: 32)
    }

    init(id: StreamID, role: Role, local: StreamLimits, remote: StreamLimits, priority: UInt8) {
        self.id = id
        self.priority = priority
        let isOneWay = id.direction == .unidirectional
        let isOwn = id.opener == role
        send = SendSide(isAbsent: isOneWay && !isOwn, limit: remote.streamDataMax(of: id, statedBy: role.peer))
        receive = ReceiveSide(isAbsent: isOneWay && isOwn, window: local.streamDataMax(of: id, statedBy: role))
    }

    var isOver: Bool { send.isOver && receive.isOver && news.isEmpty }
    var owesControl: Bool { send.owesReset || receive.owesStop || receive.owesLimit }
}

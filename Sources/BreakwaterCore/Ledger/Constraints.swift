/// What holds a position back that most positions are free of.
struct Constraints: Sendable {
    /// The liquidation it is in, which waits for the book or a cooldown; `-1` for none.
    var liquidation: Int32 = -1
    /// How many of its conditional orders are reduce-only.
    var pendingReducers: Int32 = 0
    /// The size at which its liquidation was last told to wait.
    var pausedSize = Size.zero
    /// Whether its liquidation was worked on in the present command and has to wait for the next.
    var paused = false
    /// When the cooldown after its last partial close ends.
    var coolsUntil = Timestamp.zero
    /// Until when it may only shrink, after liquidity support handed it a position.
    var reduceOnlyUntil = Timestamp.zero
}

extension Exchange {
    @inline(__always)
    func constraints(of position: Position) -> Constraints {
        position.constraints >= 0 ? constraints[Int(position.constraints)] : Constraints()
    }

    @inline(__always)
    func constraints(of index: Int) -> Constraints {
        let place = positions[index].constraints
        return place >= 0 ? constraints[Int(place)] : Constraints()
    }

    /// Changes what holds a position back; the first time it gets room for that, and keeps it.
    mutating func constrain(_ index: Int, _ change: (inout Constraints) -> Void) {
        if positions[index].constraints < 0 {
            positions[index].constraints = Int32(constraints.count)
            constraints.append(Constraints())
        }
        change(&constraints[Int(positions[index].constraints)])
    }

    /// Changes what holds a position back where anything does.
    mutating func relax(_ index: Int, _ change: (inout Constraints) -> Void) {
        let place = positions[index].constraints
        if place >= 0 { change(&constraints[Int(place)]) }
    }
}

public import BreakwaterCore
public import BreakwaterVenue

extension History {
    /// Brings the history up to the journal's last command by doing again what it has not seen.
    ///
    /// An empty history begins with what `exchange` holds; one that is further on passes over what it knows.
    ///
    /// - Parameters:
    ///   - exchange: the state after the command numbered `sequence`; a new one and 0 for the venue's first command.
    /// - Returns: the state after the journal's last command, for a venue to go on with.
    public func catchUp(
        _ exchange: consuming Exchange, after sequence: Int64, with journal: any Journal
    ) throws -> Exchange {
        if applied == 0, sequence > 0 { try begin(with: exchange, after: sequence) }
        guard applied <= journal.last else {
            throw HistoryFault.aheadOfJournal(applied: applied, journal: journal.last)
        }
        guard applied >= sequence else { throw HistoryFault.gap(applied: applied, next: sequence + 1) }
        var state = exchange
        try journal.forEachBatch(from: sequence + 1) { batch in
            var executions: [Execution] = []
            try batch.forEachCommand { number, time, command, origin in
                guard number > sequence else { return }
                state.execute(command, at: time)
                executions.append(
                    Execution(
                        sequence: number, time: time, command: command, origin: origin, events: state.events))
            }
            take(executions)
            if let fault { throw fault }
        }
        return state
    }

    /// Drops everything and folds the journal again from `exchange` on, which is the state after `sequence`.
    ///
    /// - Returns: the state after the journal's last command.
    public func rebuild(
        _ exchange: consuming Exchange, after sequence: Int64, with journal: any Journal
    ) throws -> Exchange {
        try clear()
        return try catchUp(exchange, after: sequence, with: journal)
    }
}

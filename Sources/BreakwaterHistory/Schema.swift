internal import GRDB

/// The tables. Rows come in the order of events and are kept for good; `orders`, `holdings`, `candles` and
/// `liquidations` hold the latest state of each of theirs.
enum Schema {
    /// Counted up with every change of the tables or of what is folded into them.
    static let version = 2

    /// Every table, in the order in which two histories are compared.
    static let tables = [
        "progress", "minutes", "contracts", "orders", "fills", "trades", "candles", "positions", "holdings",
        "wallet_lines", "settings", "margin_changes", "liquidations", "liquidation_steps", "forced_orders", "insurance",
        "funding", "notices", "actions",
    ]

    static func create(in database: Database) throws {
        for statement in [progress, trading, positions, money, liquidations, prices, log] {
            try database.execute(sql: statement)
        }
        try database.execute(sql: "INSERT INTO progress VALUES (0, 0)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    static func drop(in database: Database) throws {
        for table in tables { try database.execute(sql: "DROP TABLE IF EXISTS \(table)") }
        try database.execute(sql: "PRAGMA user_version = 0")
    }

    /// How far the history has come; the first event of each minute; and what must be known of contracts.
    private static let progress = """
        CREATE TABLE progress (sequence INTEGER NOT NULL, time INTEGER NOT NULL) STRICT;
        CREATE TABLE minutes (start INTEGER PRIMARY KEY, id INTEGER NOT NULL) STRICT;
        CREATE TABLE contracts (
            id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, settle INTEGER NOT NULL, inverse INTEGER NOT NULL
        ) STRICT;
        """

    // Every index is written with every order or trade: none is kept that another one can stand in for.
    private static let trading = """
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, contract INTEGER NOT NULL, client_order_id TEXT NOT NULL,
            side TEXT NOT NULL, position_side TEXT NOT NULL, time_in_force TEXT NOT NULL, post_only INTEGER NOT NULL,
            reduce_only INTEGER NOT NULL, price INTEGER, size INTEGER NOT NULL, filled INTEGER NOT NULL,
            value INTEGER NOT NULL, condition TEXT, stop INTEGER, watched TEXT, close_on_trigger INTEGER,
            triggered_at INTEGER, trigger_price INTEGER, state TEXT NOT NULL, reason TEXT, created INTEGER NOT NULL,
            updated INTEGER NOT NULL, last_event INTEGER NOT NULL, is_open INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX orders_of_account ON orders (account, contract, id);
        CREATE INDEX open_orders ON orders (account, id) WHERE is_open;
        CREATE INDEX named_orders ON orders (account, client_order_id) WHERE client_order_id <> '';
        CREATE TABLE fills (
            id INTEGER NOT NULL, account INTEGER NOT NULL, contract INTEGER NOT NULL, order_id INTEGER,
            side TEXT NOT NULL, position_side TEXT NOT NULL, price INTEGER, size INTEGER NOT NULL,
            value INTEGER NOT NULL, fee INTEGER NOT NULL, realised INTEGER NOT NULL, is_maker INTEGER NOT NULL,
            cause TEXT NOT NULL, liquidation INTEGER, engine INTEGER, time INTEGER NOT NULL,
            PRIMARY KEY (account, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE trades (
            id INTEGER NOT NULL, contract INTEGER NOT NULL, price INTEGER NOT NULL, size INTEGER NOT NULL,
            value INTEGER NOT NULL, taker_side TEXT NOT NULL, off_book INTEGER NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (contract, id)
        ) STRICT, WITHOUT ROWID;
        """

    private static let positions = """
        CREATE TABLE positions (
            id INTEGER NOT NULL, time INTEGER NOT NULL, account INTEGER NOT NULL, contract INTEGER NOT NULL,
            position_side TEXT NOT NULL, size INTEGER NOT NULL, mode TEXT NOT NULL, leverage INTEGER NOT NULL,
            entry INTEGER NOT NULL, settled INTEGER NOT NULL, margin INTEGER NOT NULL, realised INTEGER NOT NULL,
            balance INTEGER NOT NULL, is_setting INTEGER NOT NULL,
            PRIMARY KEY (account, contract, position_side, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE holdings (
            account INTEGER NOT NULL, contract INTEGER NOT NULL, position_side TEXT NOT NULL, size INTEGER NOT NULL,
            settled INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (account, contract, position_side)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE settings (
            id INTEGER NOT NULL, account INTEGER NOT NULL, contract INTEGER, position_side TEXT, kind TEXT NOT NULL,
            text TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (account, id, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE margin_changes (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, contract INTEGER NOT NULL, position_side TEXT NOT NULL,
            amount INTEGER NOT NULL, margin INTEGER NOT NULL, time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX margin_changes_of_account ON margin_changes (account, id);
        """

    private static let money = """
        CREATE TABLE wallet_lines (
            account INTEGER NOT NULL, currency INTEGER NOT NULL, id INTEGER NOT NULL, cause TEXT NOT NULL,
            amount INTEGER NOT NULL, contract INTEGER, position_side TEXT, other INTEGER, liquidation INTEGER,
            time INTEGER NOT NULL, PRIMARY KEY (account, id, currency, cause)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE insurance (
            id INTEGER PRIMARY KEY, currency INTEGER NOT NULL, contract INTEGER, cause TEXT NOT NULL,
            amount INTEGER NOT NULL, liquidation INTEGER, time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX insurance_of_currency ON insurance (currency, id);
        CREATE TABLE funding (
            contract INTEGER NOT NULL, id INTEGER NOT NULL, per_lot INTEGER NOT NULL, total INTEGER NOT NULL,
            rate INTEGER, mark INTEGER, time INTEGER NOT NULL, PRIMARY KEY (contract, id)
        ) STRICT, WITHOUT ROWID;
        """

    private static let liquidations = """
        CREATE TABLE liquidations (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, contract INTEGER NOT NULL, position_side TEXT NOT NULL,
            time INTEGER NOT NULL, updated INTEGER NOT NULL, outcome TEXT NOT NULL, is_over INTEGER NOT NULL,
            trigger TEXT NOT NULL
        ) STRICT;
        CREATE INDEX liquidations_of_account ON liquidations (account, id);
        CREATE TABLE liquidation_steps (
            liquidation INTEGER NOT NULL, id INTEGER NOT NULL, time INTEGER NOT NULL, step TEXT NOT NULL,
            PRIMARY KEY (liquidation, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE forced_orders (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, contract INTEGER NOT NULL, position_side TEXT NOT NULL,
            liquidation INTEGER NOT NULL, kind TEXT NOT NULL, side TEXT NOT NULL, limit_price INTEGER,
            size INTEGER NOT NULL, filled INTEGER NOT NULL, value INTEGER NOT NULL, time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX forced_orders_of_account ON forced_orders (account, id);
        CREATE INDEX forced_orders_of_contract ON forced_orders (contract, id);
        """

    private static let prices = """
        CREATE TABLE candles (
            contract INTEGER NOT NULL, source TEXT NOT NULL, length TEXT NOT NULL, start INTEGER NOT NULL,
            open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
            volume INTEGER NOT NULL, value INTEGER NOT NULL, count INTEGER NOT NULL, taker_buy_volume INTEGER NOT NULL,
            taker_buy_value INTEGER NOT NULL, PRIMARY KEY (contract, source, length, start)
        ) STRICT, WITHOUT ROWID;
        """

    private static let log = """
        CREATE TABLE notices (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, contract INTEGER, until INTEGER, price INTEGER,
            text TEXT NOT NULL, time INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE actions (
            id INTEGER PRIMARY KEY, actor TEXT NOT NULL, command TEXT NOT NULL, account INTEGER, contract INTEGER,
            text TEXT NOT NULL, rejection TEXT, time INTEGER NOT NULL
        ) STRICT;
        """
}

internal import GRDB
internal import CryptoExtras

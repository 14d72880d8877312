/// The version that the program and its reports say.
public enum ProgramVersion {
    public static let text = "0.1.0"
}

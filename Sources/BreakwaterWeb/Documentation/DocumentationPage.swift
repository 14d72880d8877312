/// The page that shows an OpenAPI document with Swagger UI, everything from this server and nothing inline.
public enum DocumentationPage {
    /// Swagger UI sets styles on elements as it draws, which a policy without inline styles would refuse.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The page below `path`.
    ///
    /// - Parameters:
    ///   - folder: where `scripts/wheels` put Swagger UI; `nil` where it is not installed, and the page says how.
    ///   - document: the path at which the server has the OpenAPI document.
    public static func folder(at path: String, swaggerUI folder: String?, document: String) throws -> StaticFolder {
        let page = folder == nil ? missing(document) : page
        return try StaticFolder(
            at: path, folder: folder,
            extras: ["index.html": Array(page.utf8), "page.js": Array(script(document).utf8)],
            contentSecurityPolicy: policy)
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Breakwater API</title>
        <link rel="stylesheet" href="swagger-ui.css">
        <link rel="icon" type="image/png" href="favicon-32x32.png">
        </head>
        <body>
        <div id="page"></div>
        <footer><a href="LICENSE.txt">Swagger UI, under the Apache License 2.0</a></footer>
        <script src="swagger-ui-bundle.js"></script>
        <script src="page.js"></script>
        </body>
        </html>

        """

    private static func missing(_ document: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Breakwater API</title></head>
        <body>
        <p>The API is described in <a href="\(document)">\(document)</a>.
        To browse it here, install Swagger UI with <code>scripts/wheels</code> and start the server again.</p>
        </body>
        </html>

        """
    }

    /// Swagger UI 4 draws documents up to OpenAPI 3.0: the page hands it ours with null as `nullable`, one type where
    /// there are several, and one example where there is a list.
    private static func script(_ document: String) -> String {
        """
        const older = (node) => {
          if (Array.isArray(node)) return node.map(older);
          if (node === null || typeof node !== 'object') return node;
          const copy = {};
          for (const [key, value] of Object.entries(node)) {
            if (key === 'type' && Array.isArray(value)) {
              copy.type = value.find((type) => type !== 'null');
              if (value.includes('null')) copy.nullable = true;
            } else if (key === 'examples' && Array.isArray(value)) {
              copy.example = value[0];
            } else {
              copy[key] = older(value);
            }
          }
          return copy;
        };

        fetch('\(document)').then((reply) => reply.json()).then((newer) => {
          const spec = { ...older(newer), openapi: '3.0.3' };
          SwaggerUIBundle({ spec, dom_id: '#page', deepLinking: true, validatorUrl: null });
        });

        """
    }
}

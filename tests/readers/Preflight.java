import org.apache.pdfbox.preflight.Format;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Prints for each file "valid" or the errors that PDFBox finds against PDF/A-1b. */
public class Preflight {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            ValidationResult result;
            try {
                PreflightParser parser = new PreflightParser(file);
                parser.parse(Format.PDF_A1B);
                PreflightDocument document = parser.getPreflightDocument();
                document.validate();
                result = document.getResult();
                document.close();
            } catch (SyntaxValidationException fault) {
                result = fault.getResult();
            }
            StringBuilder line = new StringBuilder(result.isValid() ? "valid" : "invalid");
            for (ValidationResult.ValidationError error : result.getErrorsList()) {
                line.append(" | ").append(error.getErrorCode()).append(' ').append(error.getDetails());
            }
            System.out.println(line);
        }
    }
}

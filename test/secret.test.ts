import './secret-tests.ts'
import './authfile-tests.ts'
import './inspect-tests.ts'

import './sandbox-hub-tests.ts'
import './sandbox-registry-tests.ts'
import './sandbox-sealed-secrets-tests.ts'

import './run-tests.ts'
import './run-properties-tests.ts'
import './seedgen-tests.ts'
import './preflight-tests.ts'

import './preflight/argocd.ts'
import './preflight/checks.ts'
import './preflight/pull-request.ts'
import './preflight/tables.ts'

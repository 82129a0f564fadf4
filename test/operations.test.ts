import './operations/prepare-detach.ts'
import './operations/create-prover.ts'
import './operations/reconcile.ts'

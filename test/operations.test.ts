import './operations/prepare-detach.ts'
import './operations/pieces.ts'
import './operations/create-prover.ts'
import './operations/reconcile.ts'

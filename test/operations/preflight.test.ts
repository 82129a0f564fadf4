import './preflight/check-before-detach.ts'
import './preflight/ask-queries.ts'
import './preflight/keep-answers.ts'
import './preflight/spent-before.ts'

import './preflight/checks.ts'

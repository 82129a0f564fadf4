import './preflight/ask-queries.ts'

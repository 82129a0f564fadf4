import './authfile/mistakes.ts'

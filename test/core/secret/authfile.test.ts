import './authfile/pieces.ts'
import './authfile/mistakes.ts'

import './observe/phases.ts'
import './observe/pieces.ts'

import './observe/adopt.ts'
import './observe/before-merge.ts'
import './observe/phases.ts'
import './observe/pieces.ts'

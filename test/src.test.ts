import './src/errors.ts'
import './src/once.ts'

import './src/errors.ts'
import './src/once.ts'
import './src/surroundings.ts'

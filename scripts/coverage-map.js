// Only src/core must be covered completely, and by its own tests: no other entry pays for the measuring.
export default entry => (/^test\/core[./]/.test(entry) ? 'src/core/**/*.ts' : null)

// Builds the one program, dist/sower.js, with lazily loaded chunks beside it.
import { rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: { sower: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A lazily imported package must keep its named exports, which esbuild cannot see in CommonJS.
  mainFields: ['module', 'main'],
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages still call require.
  banner: {
    js: "import{createRequire as sowerRequire}from'node:module';const require=sowerRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
})
// What each file holds: start-up is paid on every render, so a test looks what `generate` loads.
await writeFile('dist/metafile.json', JSON.stringify(metafile))

// Builds the one program, dist/sower.js, with lazily loaded chunks beside it.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { listLicenses } from './list-licenses.js'

/**
 * Gives node-fetch 2, which is below client-node 1, the URL of Node: Node 22 and later warn users of `punycode`, which
 * its whatwg-url loads to no use, and Node 24 of `url.parse`. Of a whole address, and client-node has no other,
 * `urlToHttpOptions` makes a request that means the same.
 */
const urlOfNode = {
  name: 'url-of-node',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(url|whatwg-url)$/ }, ({ importer }) =>
      /[/\\]node-fetch[/\\]/.test(importer) ? { path: 'url', namespace: 'of-node' } : undefined,
    )
    onLoad({ filter: /^url$/, namespace: 'of-node' }, () => ({
      contents: `import { URL, urlToHttpOptions } from 'node:url'
        export default { URL, parse: text => urlToHttpOptions(new URL(text)), format: ({ href }) => href }`,
    }))
  },
}

/** Leaves out zod's messages in some fifty languages: ours are in English. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      /[/\\]zod[/\\]/.test(importer) ? { path: 'locales', namespace: 'of-zod' } : undefined,
    )
    onLoad({ filter: /^locales$/, namespace: 'of-zod' }, () => ({ contents: '' }))
  },
}

await rm('dist', { recursive: true, force: true })
const usual = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // A lazily imported package must keep its named exports, which esbuild cannot see in CommonJS.
  mainFields: ['module', 'main'],
  plugins: [urlOfNode, zodInEnglish],
  // Less to read at each start; names stay, for whoever reads a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  metafile: true,
}
const { metafile: everything } = await build({
  ...usual,
  entryPoints: { sower: 'src/cli/main.ts' },
  splitting: true,
  format: 'esm',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages still call require.
  banner: {
    js: "import{createRequire as sowerRequire}from'node:module';const require=sowerRequire(import.meta.url);",
  },
})
// What `generate` needs as one script, for src/cli/run-compiled.ts: a function of what a module is given.
const { metafile: render } = await build({
  ...usual,
  entryPoints: { generate: 'src/cli/render.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname' },
  banner: { js: '(function(require,__dirname){' },
  footer: { js: '})' },
})
const metafile = {
  node: process.version,
  inputs: { ...everything.inputs, ...render.inputs },
  outputs: { ...everything.outputs, ...render.outputs },
}
// What each file holds: start-up is paid on every render, so a test looks what `generate` loads.
await writeFile('dist/metafile.json', JSON.stringify(metafile))
await writeFile('dist/licenses.txt', listLicenses(metafile))

// Its code as V8 compiles it for a render: on other versions of Node it is compiled when it runs.
const directory = await mkdtemp(join(tmpdir(), 'sower-build-'))
try {
  await writeFile(join(directory, 'kustomization.yaml'), 'resources:\n  - a.yaml\n')
  await writeFile(
    join(directory, 'a.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: a}\n',
  )
  execFileSync(process.execPath, [join(import.meta.dirname, 'compile-render.js'), directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
} finally {
  await rm(directory, { recursive: true })
}

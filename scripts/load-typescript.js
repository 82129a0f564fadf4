// Preloaded into each test: strips types with esbuild, and keeps the result for each content. tap's own loader
// starts the TypeScript compiler twice in each process, and each process that a test starts is a copy of that.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { register } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

const cache = join(import.meta.dirname, '..', 'node_modules', '.cache', 'sower', 'typescript')

// Node asks the hooks below in a thread of their own.
if (isMainThread) register(import.meta.url)

/** Leaves tap's own loader out. */
export const resolve = (specifier, context, next) =>
  specifier === '@isaacs/ts-node-temp-fork-for-pr-2009/import'
    ? { url: 'data:text/javascript,', shortCircuit: true }
    : next(specifier, context)

export const load = async (url, context, next) => {
  if (!/^file:.*\.ts$/.test(url)) return next(url, context)
  const path = fileURLToPath(url)
  const text = readFileSync(path, 'utf8')
  const kept = join(cache, `${createHash('sha256').update(`${path}\0${text}`).digest('hex')}.js`)
  try {
    return { format: 'module', shortCircuit: true, source: readFileSync(kept) }
  } catch {
    const source = await strip(path, text)
    mkdirSync(cache, { recursive: true })
    writeFileSync(`${kept}.${process.pid}`, source)
    renameSync(`${kept}.${process.pid}`, kept)
    return { format: 'module', shortCircuit: true, source }
  }
}

const strip = async (path, text) => {
  const { transform } = await import('esbuild')
  const { code } = await transform(text, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    sourcemap: 'inline',
    sourcefile: path,
  })
  return code
}

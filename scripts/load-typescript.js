// Lets the tests run TypeScript as it stands: types become blanks, so lines and columns stay where they are and no
// source map is needed. Blanked files are kept in node_modules/.cache for the next process. `--import` this file.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

const cache = fileURLToPath(new URL('../node_modules/.cache/blanked/', import.meta.url))

const blanked = async file => {
  const source = readFileSync(file, 'utf8')
  const kept = `${cache}${createHash('sha256').update(source).digest('hex')}.js`
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const { default: blankTypes } = await import('ts-blank-space')
    const code = blankTypes(source, node => {
      throw new SyntaxError(`loading ${file}: more than types to take out: ${node.getText()}`)
    })
    mkdirSync(cache, { recursive: true })
    const mine = `${kept}.${process.pid}`
    writeFileSync(mine, code)
    renameSync(mine, kept)
    return code
  }
}

/** Node's hook: our own TypeScript with its types blanked, everything else as the next hook loads it. */
export const load = async (url, context, nextLoad) =>
  url.startsWith('file:') && url.endsWith('.ts') && !url.includes('/node_modules/')
    ? { format: 'module', shortCircuit: true, source: await blanked(fileURLToPath(url)) }
    : nextLoad(url, context)

if (isMainThread) register(import.meta.url)

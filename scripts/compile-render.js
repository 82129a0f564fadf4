// Renders a directory with dist/generate.cjs and keeps the code that V8 made for it: dist/generate.cjs.cache.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'

const home = join(import.meta.dirname, '..', 'dist')
const file = join(home, 'generate.cjs')
const script = new Script(readFileSync(file, 'utf8'), { filename: file })
const [, , directory = '.'] = process.argv
process.argv = [process.execPath, file, 'generate', '-C', directory]
script.runInThisContext()(createRequire(file), home)
process.on('exit', () => {
  writeFileSync(`${file}.cache`, script.createCachedData())
  // Without kustomize there is no render, but code.
  process.exitCode = 0
})

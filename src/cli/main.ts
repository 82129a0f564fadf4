#!/usr/bin/env node
import { join } from 'node:path'
import { runCompiled } from './run-compiled.ts'

const home = import.meta.dirname

// Argo CD starts the program for each render, which has a bundle of its own: render.ts.
if (process.argv[2] === 'generate') runCompiled(join(home, 'generate.cjs'))
else {
  const [{ runProcess }, { declareCommands }] = await Promise.all([
    import('./run-process.ts'),
    import('./declare-commands.ts'),
  ])
  process.exitCode = await runProcess(home, declareCommands)
}

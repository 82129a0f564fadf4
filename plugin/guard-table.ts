import { guards } from '../src/core/guard/guards.ts'
import { parameters } from './warn-only-from.ts'
import { variablesOf } from './parameter.ts'

const table = (...rows: readonly (readonly string[])[]): string =>
  rows.map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')

/** The guards, as docs/guards.md lists them. */
export const guardTable = (): string =>
  table(
    ['rule', 'what it refuses', 'because', 'can be turned into a warning'],
    ['---', '---', '---', '---'],
    ...guards.map(({ rule, refuses, because, isAlways }) => [
      `\`${rule}\``,
      refuses,
      because,
      isAlways ? 'no' : `yes: \`${rule}\` is \`warn\``,
    ]),
  )

/** The parameters, as docs/plugin.md lists them. */
export const parameterTable = (): string =>
  table(
    ['parameter', 'variables, the first that is set wins', 'default', 'meaning'],
    ['---', '---', '---', '---'],
    ...parameters.map(parameter => [
      `\`${parameter.name}\``,
      variablesOf(parameter)
        .map(variable => `\`${variable}\``)
        .join(', '),
      `\`${parameter.standard}\``,
      parameter.tooltip,
    ]),
  )

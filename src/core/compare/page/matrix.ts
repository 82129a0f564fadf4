import type { Comparison } from '../compare-fleet.ts'
import type { Compared } from '../compared.ts'
import { escapeHtml as text } from './escape-html.ts'

/** A table with a line for each target and a column for each row. Cells are short: there are many of them. */
export const matrix = ({ targets }: Comparison): string => {
  const [first] = targets
  if (first === undefined) return '<p>There is no target.</p>'
  const head = first.checks
    .map(({ id }) => `<th scope="col"><span>${text(id)}</span></th>`)
    .join('')
  const body = targets.map(
    ({ cluster, standing, checks }) =>
      `<tr data-standing="${standing}"><th scope="row">${text(cluster)}</th><td class="n ${standing}">${standing}</td>${checks.map(cell).join('')}</tr>`,
  )
  return `<div class="scroll" tabindex="0" role="region" aria-label="All rows, all targets"><table><thead><tr><th scope="col">Target</th><th scope="col">Result</th>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`
}

const cell = ({ status, level }: Compared): string => {
  if (status === 'pass') return '<td class="p">✓</td>'
  if (status === 'fail') return level === 'block' ? '<td class="b">✗</td>' : '<td class="w">!</td>'
  return '<td class="u">?</td>'
}

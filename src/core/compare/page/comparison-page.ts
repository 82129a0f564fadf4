import { createHash } from 'node:crypto'
import type { Check } from '../../preflight/check.ts'
import type { Comparison } from '../compare-fleet.ts'
import { extraManifestsOf, standings, type Standing } from '../compared.ts'
import {
  fewOf,
  ofSeverity,
  severities,
  sharedFindings,
  type SharedFinding,
} from '../shared-findings.ts'
import { escapeHtml as text } from './escape-html.ts'
import { matrix } from './matrix.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/** The meaning of each standing, in words. */
export const standingWords: Readonly<Record<Standing, string>> = {
  fails: 'would fail',
  unknown: 'not known completely',
  warns: 'something to decide',
  fits: 'fits',
}

const hash = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`

/**
 * One page that holds a whole comparison: it loads nothing, its policy allows no other style or script than its own two, by
 * their hashes, and it can be read without a script.
 */
export const comparisonPage = (comparison: Comparison, notes: readonly string[]): string => {
  const { cluster, minor, targets, seed } = comparison
  const policy = `default-src 'none'; style-src ${hash(pageStyle)}; script-src ${hash(pageScript)}; base-uri 'none'; form-action 'none'`
  const title = `${text(cluster)} against ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`
  const findings = sharedFindings(targets)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">What a seed image of <code>${text(cluster)}</code>${minor === null ? '' : `, OpenShift ${text(minor)},`} would find on each target.</p>
<ul class="counts">${counts(comparison)}</ul>
${notes.map(note => `<p class="quiet">${text(note)}</p>`).join('\n')}
${section(severities[0], findings, targets.length)}
<h2>All rows, all targets</h2>
<p class="quiet">✓ matches · ✗ would fail · ! something to decide · ? no answer</p>
${filters(comparison)}
${matrix(comparison)}
${severities
  .slice(1)
  .map(severity => section(severity, findings, targets.length))
  .join('')}
<h2>The seed itself</h2>
${seedList(seed)}
${extraManifests(comparison)}
</main>
<script>${pageScript}</script>
</body>
</html>
`
}

const few = 5

const counts = ({ targets }: Comparison): string =>
  standings
    .map(standing => {
      const count = targets.filter(one => one.standing === standing).length
      return `<li><b class="${standing}">${count}</b>${standingWords[standing]}</li>`
    })
    .join('')

const section = (
  severity: (typeof severities)[number],
  findings: readonly SharedFinding[],
  all: number,
): string => {
  const { title, level, status } = severity
  const meant = ofSeverity(findings, severity)
  if (meant.length === 0) return ''
  const isWorst = level === 'block' && status === 'fail'
  return `<h2>${title.charAt(0).toUpperCase()}${title.slice(1)}</h2>\n${meant
    .map(
      ({ id, clusters, reason, agent, fix }) =>
        `<details${isWorst ? ' open' : ''}><summary><code>${text(id)}</code> · ${clusters.length === all ? 'all targets' : text(fewOf(clusters, few))}</summary><p>${text(reason)}</p>${agent === null ? '' : `<p class="fails">The Lifecycle Agent: ${text(agent)}</p>`}${fix === '' ? '' : `<p class="quiet">${text(fix)}</p>`}${clusters.length > few ? `<p class="quiet">${text(clusters.join(', '))}</p>` : ''}</details>`,
    )
    .join('\n')}\n`
}

const marks: Readonly<Record<Check['status'], string>> = {
  ...{ pass: '✓', fail: '✗', unknown: '?', 'not-asked': '–' },
}

const seedList = (checks: readonly Check[]): string =>
  checks
    .map(
      ({ id, level, status, reason, fix }) =>
        `<details><summary><span aria-hidden="true">${marks[status]}</span> <code>${text(id)}</code> · ${status === 'pass' ? 'passed' : `${level}, ${status}`}</summary><p>${text(reason)}</p>${fix === '' ? '' : `<p class="quiet">${text(fix)}</p>`}</details>`,
    )
    .join('\n')

const filters = ({ targets }: Comparison): string => {
  const rows = targets[0]?.checks.map(({ id }) => id) ?? []
  const options = rows.map((id, at) => `<option value="${at + 2}">${text(id)}</option>`).join('')
  const results = standings
    .map(standing => `<option value="${standing}">${standingWords[standing]}</option>`)
    .join('')
  return `<form hidden><label>Name holds<input name="name" type="search" autocomplete="off"></label><label>Result<select name="standing"><option value="">any</option>${results}</select></label><label>Does not match in<select name="row"><option value="">any row</option>${options}</select></label><output></output></form>`
}

const extraManifests = ({ targets }: Comparison): string => {
  const lists = targets.flatMap(({ cluster, checks }) => {
    const extra = extraManifestsOf(checks)
    return extra.length === 0
      ? []
      : [
          `<details><summary><code>${text(cluster)}</code> · ${extra.length}</summary><ul>${extra.map(({ object, configMap }) => `<li><code>${text(object)}</code> in ConfigMap <code>${text(configMap)}</code></li>`).join('')}</ul></details>`,
        ]
  })
  return lists.length === 0 ? '' : `<h2>Extra manifests, by target</h2>\n${lists.join('\n')}`
}

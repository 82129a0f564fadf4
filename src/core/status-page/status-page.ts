import { createHash } from 'node:crypto'
import { isEnded } from '../run/run.ts'
import { pageStyle } from './page-style.ts'
import { aged, runSection, type Around, type ShownRun } from './run-section.ts'

/** All runs, as a bot knows them. */
export type Board = Around &
  Readonly<{
    /** Another bot acts where it is false. */
    isActing: boolean
    /** When the runs were last passed over; null before the first time. */
    lookedAt: string | null
    runs: readonly ShownRun[]
  }>

/** Seconds between two looks of a browser. */
const refreshEvery = 15

/** The content security policy of the page: its own style, and nothing else. */
export const statusPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** One page that shows all runs; it loads nothing, has no script, and asks a browser to fetch it again. */
export const statusPage = (board: Board): string => {
  const { runs } = board
  const underWay = runs.filter(({ run }) => !isEnded(run.phase))
  const ended = runs
    .filter(({ run }) => isEnded(run.phase))
    .toSorted((one, other) => other.run.since.localeCompare(one.run.since))
  const shown = (list: readonly ShownRun[]): string =>
    list.map(each => runSection(each, board)).join('\n')
  const blocked = underWay.filter(({ run }) => run.blocked !== null).length
  const title = `${underWay.length} under way${blocked === 0 ? '' : `, ${blocked} blocked`}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${statusPolicy}">
<meta http-equiv="refresh" content="${refreshEvery}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Sower: ${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>Runs: ${title}</h1>
<p class="quiet">${standing(board)} A browser asks again every ${refreshEvery} seconds.</p>
${underWay.length === 0 ? '<p>No run is under way.</p>' : shown(underWay)}
${ended.length === 0 ? '' : `<h2>Ended</h2>\n${shown(ended)}`}
</main>
</body>
</html>
`
}

const standing = ({ isActing, lookedAt, now }: Board): string => {
  const looked =
    lookedAt === null
      ? 'The runs have not been looked at yet.'
      : `The runs were last looked at ${aged(lookedAt, now, ' ago')}.`
  return isActing ? looked : `Another bot acts, and this one stands by. ${looked}`
}

// Draws the picture of README.md from docs/flow.dot.
import { instance } from '@viz-js/viz'

const style = `
  .node path { fill: #f6f8fa; stroke: #57606a }
  .sower path { fill: #2f7d32; stroke: #2f7d32 }
  .sower text { fill: #ffffff; font-weight: bold }
  .edge path { stroke: #57606a }
  .edge polygon { fill: #57606a; stroke: #57606a }
  .ours path { stroke: #2f7d32 }
  .ours polygon { fill: #2f7d32; stroke: #2f7d32 }
  text { fill: #1f2328 }
  @media (prefers-color-scheme: dark) {
    .node path { fill: #21262d; stroke: #8b949e }
    .sower path { fill: #2f7d32; stroke: #3fb950 }
    .edge path { stroke: #8b949e }
    .edge polygon { fill: #8b949e; stroke: #8b949e }
    .ours path { stroke: #3fb950 }
    .ours polygon { fill: #3fb950; stroke: #3fb950 }
    text { fill: #e6edf3 }
  }
`

/** The SVG of a graph in Graphviz's language, for light and dark pages. */
export const drawFlow = async dot =>
  (await instance())
    .renderString(dot, { format: 'svg' })
    .replace(/^[^]*?(?=<svg )/, '')
    .replace(/<!--[^]*?-->\n/g, '')
    .replace(/ (?:fill|stroke)="(?!none)[^"]*"/g, '')
    .replace(/^(<svg [^]*?>)\n/, `$1\n<style>${style}</style>\n`)

/** A `nodeNetwork` in block style: all lines below it that are indented further. */
const nodeNetwork = /^( +)nodeNetwork:[ \t]*\n(?:\1 [^\n]*\n|[ \t]*\n)*/gm

/** An anchor or an alias, which may reach beyond the lines that are left out. */
const reference = /(?:^|[\s[{,:-])[&*][\w-]/m

/**
 * The text of a ClusterInstance without the addresses of its nodes, which no row asks for: they are about half of it, and
 * reading YAML is most of what a comparison of thousands of clusters takes. A text with anchors is left as it is.
 */
export const withoutNodeNetwork = (text: string): string =>
  reference.test(text) ? text : text.replace(nodeNetwork, '$1nodeNetwork: {}\n')

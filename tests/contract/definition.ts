/**
 * An OpenAPI 3.0 definition as the validator wants it: operations found by method and URL, and schemas that mean in
 * JSON Schema what they mean in OpenAPI.
 *
 * What is settled here, because the definitions leave it open or contradict themselves:
 * - A `discriminator` sits on a base schema whose variants refer back to it by `allOf`. Read literally, the base alone
 *   would be checked and a total refund could lack its transaction. So the base becomes "base, and the variant that
 *   its property names"; a name outside the mapping is refused.
 * - `CloudEvent` and `TenureInfo` have properties but no `type`; both are objects.
 */
import { z } from 'zod'

const reference = z.object({ $ref: z.string() })
const schemaBox = z.looseObject({ schema: z.unknown().optional() })
const parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  schema: z.looseObject({ type: z.string().optional() }),
})
const content = z.record(z.string(), schemaBox)
const response = z.looseObject({
  headers: z.record(z.string(), z.unknown()).optional(),
  content: content.optional(),
})
const requestBody = z.looseObject({ content, required: z.boolean().optional() })
const operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(z.union([reference, parameter])).optional(),
  requestBody: requestBody.optional(),
  responses: z.record(z.string(), z.union([reference, response])),
  callbacks: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .optional(),
})
const document = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  servers: z.array(z.looseObject({ url: z.string() })).min(1),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
})
type Document = z.infer<typeof document>

export type Parameter = z.infer<typeof parameter>
export type Content = z.infer<typeof content>
export type DefinedResponse = z.infer<typeof response>

/** An operation with what it refers to already fetched. */
export interface DefinedOperation {
  readonly id: string
  readonly api: string
  readonly method: string
  /** Below the base path, with `{names}`. */
  readonly path: string
  readonly scopes: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly body: { readonly content: Content; readonly required: boolean } | undefined
  readonly responses: ReadonlyMap<number, DefinedResponse>
  /** What a sink is sent, where the operation has callbacks. */
  readonly callback: { readonly content: Content; readonly required: boolean } | undefined
}

export interface Definition {
  readonly name: string
  readonly version: string
  /** From the server's URL, such as `/carrier-billing/v0.5`. */
  readonly basePath: string
  readonly operations: readonly DefinedOperation[]
  /** The whole document for the JSON Schema compiler; schemas are found in it by reference. */
  readonly root: Record<string, unknown>
}

/** Reads a parsed YAML file; throws where it is not such a definition. */
export function readDefinition(name: string, yaml: unknown): Definition {
  const root = withVariants(document.parse(yaml))
  const basePath = /\}(\/.+)$/.exec(root.servers[0]?.url ?? '')?.[1]
  if (basePath === undefined) throw new Error(`${name}: no base path in its server`)
  const operations = Object.entries(root.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): DefinedOperation => {
      const [callback] = Object.values(one.callbacks ?? {}).flatMap((byUrl) =>
        Object.values(byUrl).map((byMethod) => operation.parse(byMethod.post).requestBody),
      )
      return {
        id: one.operationId,
        api: name,
        method: method.toUpperCase(),
        path,
        scopes: (one.security ?? []).flatMap((need) => Object.values(need).flat()),
        parameters: (one.parameters ?? []).map((each) => fetchReference(root, each, parameter)),
        body: one.requestBody && bodyOf(one.requestBody),
        responses: new Map(
          Object.entries(one.responses).map(([status, each]) => [
            Number(status),
            fetchReference(root, each, response),
          ]),
        ),
        callback: callback && bodyOf(callback),
      }
    }),
  )
  return { name, version: root.info.version, basePath, operations, root }
}

function bodyOf({ content: types, required = false }: z.infer<typeof requestBody>) {
  return { content: types, required }
}

/** What a local reference (`#/components/…`) points at, or the thing itself. */
function fetchReference<Schema extends z.ZodType>(
  root: Document,
  given: unknown,
  schema: Schema,
): z.output<Schema> {
  const pointed = reference.safeParse(given)
  if (!pointed.success) return schema.parse(given)
  const steps = pointed.data.$ref.replace(/^#\//, '').split('/')
  const found = steps.reduce<unknown>((at, step) => memberOf(at, step), root)
  return schema.parse(found)
}

function memberOf(container: unknown, name: string): unknown {
  return z.record(z.string(), z.unknown()).parse(container)[name]
}

const withDiscriminator = z.object({
  discriminator: z.object({ propertyName: z.string(), mapping: z.record(z.string(), z.string()) }),
})

/** See the header: every base with a discriminator becomes the choice of its variants. */
function withVariants(root: Document): Document {
  let schemas: Document['components']['schemas'] = root.components.schemas
  for (const [name, schema] of Object.entries(schemas)) {
    const found = withDiscriminator.safeParse(schema)
    if (!found.success) continue
    const { propertyName, mapping } = found.data.discriminator
    const { discriminator: _, ...base } = schema
    const baseName = `${name}Alone`
    const [from, to] = [`#/components/schemas/${name}`, `#/components/schemas/${baseName}`]
    const variants = new Set(Object.values(mapping))
    schemas = Object.fromEntries(
      Object.entries(schemas).map(([each, one]) =>
        variants.has(`#/components/schemas/${each}`) ? [each, repoint(one, from, to)] : [each, one],
      ),
    )
    schemas[baseName] = { type: 'object', ...base }
    schemas[name] = {
      allOf: [
        { $ref: to },
        { properties: { [propertyName]: { enum: Object.keys(mapping) } } },
        ...Object.entries(mapping).map(([value, variant]) => ({
          if: { properties: { [propertyName]: { const: value } }, required: [propertyName] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, not a promise
          then: { $ref: variant },
        })),
      ],
    }
  }
  const typed = Object.entries(schemas).map(([name, schema]) => {
    const untyped = 'properties' in schema && !('type' in schema)
    return [name, untyped ? { type: 'object', ...schema } : schema]
  })
  return { ...root, components: { ...root.components, schemas: Object.fromEntries(typed) } }
}

function repoint(
  schema: Record<string, unknown>,
  from: string,
  to: string,
): Record<string, unknown> {
  const moved: unknown = JSON.parse(JSON.stringify(schema), (key, found: unknown) =>
    key === '$ref' && found === from ? to : found,
  )
  return z.record(z.string(), z.unknown()).parse(moved)
}

import { z } from 'zod'

/** The part of JSON Schema that the OpenAPI document is written in. */
export interface Schema {
  readonly $ref?: string | undefined
  readonly type?: string | readonly string[] | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly const?: unknown
  readonly anyOf?: readonly Schema[] | undefined
  readonly oneOf?: readonly Schema[] | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly items?: Schema | undefined
  readonly pattern?: string | undefined
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    pattern: z.string().optional(),
  }),
)

const operationSchema = z.looseObject({
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema })),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema })) })
    .optional(),
  responses: z.record(z.string(), z.looseObject({ 'x-codes': z.array(z.string()).optional() })),
})

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
})

/** One endpoint as the document describes it. */
export interface Operation {
  readonly method: string
  /** With parameters in braces. */
  readonly path: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly schema: Schema
  }[]
  /** Names of the security schemes of which one is enough. */
  readonly schemes: readonly string[]
  readonly contentTypes: readonly string[]
  readonly body: Schema | undefined
  /** Statuses that are described, with the codes of refusals. */
  readonly responses: ReadonlyMap<number, readonly string[]>
}

export interface Document {
  readonly operations: readonly Operation[]
  resolve(schema: Schema): Schema
}

/** Reads an OpenAPI document. */
export function readDocument(json: unknown): Document {
  const { paths, components } = documentSchema.parse(json)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = Object.entries(operation.requestBody?.content ?? {})
      return {
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters,
        schemes: operation.security.flatMap((scheme) => Object.keys(scheme)),
        contentTypes: content.map(([type]) => type),
        body: content[0]?.[1].schema,
        responses: new Map(
          Object.entries(operation.responses).map(([status, response]) => [
            Number(status),
            response['x-codes'] ?? [],
          ]),
        ),
      }
    }),
  )
  const resolve = (from: Schema): Schema => {
    const name = from.$ref?.split('/').at(-1)
    if (name === undefined) return from
    const to = components.schemas[name]
    if (to === undefined) throw new Error(`the document has no schema ${name}`)
    return resolve(to)
  }
  return { operations, resolve }
}

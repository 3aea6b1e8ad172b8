// What a client of the API does, with the types that openapi-typescript makes of docs/openapi.json.
// The address of the server is the argument; what was read is written out as one object of JSON.

import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Statement = components["schemas"]["StatementOut"];

// Which of the forms of an answer are read: otherwise `data` might as well be csv.
type Read = "application/json" | "application/problem+json";

const api = createClient<paths, Read>({ baseUrl: process.argv[2] ?? "" });

async function filtered(): Promise<string[]> {
  const { data, error } = await api.GET("/v1/statements", {
    params: { query: { about: ["PRK"], kind: ["direct", "mixed"], sort: "name" } },
  });
  if (error) throw new Error(error.detail);
  const items: Statement[] = data.items;
  return items.map((one) => one.slug);
}

async function walked(): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const given: { cursor?: string } = cursor === null ? {} : { cursor };
    const { data, error } = await api.GET("/v1/statements", {
      params: { query: { limit: 4, ...given } },
    });
    if (error) throw new Error(error.detail);
    pages.push(data.items.map((one) => one.slug));
    cursor = data.next_cursor;
  } while (cursor !== null && pages.length < 2);
  return pages;
}

async function record(slug: string): Promise<[string, string | null, string[]]> {
  const { data, error } = await api.GET("/v1/statements/{id}", {
    params: { path: { id: slug }, query: { lang: "ko" } },
  });
  if (error) throw new Error(error.detail);
  return [data.text, data.date_edtf, data.speakers.map((one) => one.name ?? one.slug)];
}

async function refused(): Promise<[number, string, string | null]> {
  const { error, response } = await api.GET("/v1/statements", {
    params: { query: { topic: ["trad"] } },
  });
  if (!error) throw new Error("It was taken.");
  return [response.status, error.code, error.errors[0]?.did_you_mean ?? null];
}

async function counted(): Promise<Record<string, number>> {
  const { data, error } = await api.GET("/v1/statements/facets", {
    params: { query: { facet: ["kind"] } },
  });
  if (error) throw new Error(error.detail);
  const rows = data.facets["kind"] ?? [];
  return Object.fromEntries(rows.map((one) => [one.value, one.count]));
}

const found = await filtered();
const told = {
  filtered: found,
  pages: await walked(),
  record: await record(found[0] ?? ""),
  refused: await refused(),
  counted: await counted(),
};
console.log(JSON.stringify(told));

//! What Go is lowered to.

use std::path::Path;
use std::sync::Arc;

use super::super::shown;
use super::lower;

fn show(text: &str) -> String {
    shown::unit(&lower(Path::new("store/store.go"), Arc::from(text)))
}

#[test]
fn keys_and_their_parts() {
    insta::assert_snapshot!(show(
        r##"package store

import (
	"fmt"
	"time"
	"github.com/redis/go-redis/v9"
	keys "example.com/app/internal/keys"
	. "example.com/app/dot"
)

const (
	A = iota
	B
	C = "c"
)
const ttl = 5 * time.Minute
var prefix, other = "app", `raw\n`
var (
	table = map[string]string{"a": "x:1", "b": keys.Latest}
	routes = []route{{"a", "x"}, {name: "b"}}
)
type route struct{ name, key string }
type Kind string
type Cache interface {
	Get(ctx context.Context, key string) *redis.StringCmd
	Close() error
}
type Store struct {
	redis.UniversalClient
	rdb    *redis.Client
	prefix string
	ttls   map[string]time.Duration
}
func New(rdb *redis.Client, prefix string) *Store { return &Store{rdb: rdb, prefix: prefix} }
func (s *Store) key(id int64, parts ...string) string { return fmt.Sprintf("%s:%d", s.prefix, id) + ":" + strings.Join(parts, ":") }
func (s *Store) both(id string) (string, error) {
	if id == "" { return "", errors.New("none") }
	return s.prefix + id, nil
}
"##
    ));
}

#[test]
fn calls_in_all_places() {
    insta::assert_snapshot!(show(
        r#"package main

func main() {
	opt, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil { panic(err) }
	rdb := redis.NewClient(&redis.Options{Addr: "localhost:6379", DB: 2})
	defer rdb.Close()
	if err := rdb.Set(ctx, "a:"+id, v, 60*time.Second).Err(); err != nil { return }
	_, err = rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Incr(ctx, "n")
		return nil
	})
	for _, k := range []string{"a", "b"} { rdb.Del(ctx, k) }
	for k, v := range m { rdb.Set(ctx, k, v, time.Duration(ttl)*time.Second) }
	for i := 0; i < 3; i++ { rdb.Incr(ctx, "x") }
	iter := rdb.Scan(ctx, 0, "a:*", 0).Iterator()
	for iter.Next(ctx) { rdb.Del(ctx, iter.Val()) }
	switch kind := x.(type) {
	case string: rdb.Get(ctx, kind)
	default: rdb.Get(ctx, "d")
	}
	switch mode { case "a", "b": key = "k:a"; default: key = "k:d" }
	select { case m := <-ch: rdb.Publish(ctx, "c", m.Payload); case <-done: }
	args := []interface{}{"k"}
	args = append(args, "x", "y")
	args = append(args, rest...)
	conn.Do("SADD", args...)
	go func() { rdb.Incr(ctx, "g") }()
	rdb.XAdd(ctx, &redis.XAddArgs{Stream: "s", MaxLen: 1000, Approx: true, Values: map[string]any{"a": 1}})
	b := []byte("bytes")
	n := rdb.ZAdd(ctx, "z", redis.Z{Score: 1, Member: "m"}).Val()
}
"#
    ));
}

#[test]
fn an_error_does_not_stop_the_file() {
    let shown = show("package a\nfunc a() { c.Set(\"a\", 1) }\nfunc b( { := }\nfunc c() { c.Set(\"c\", 1) }\n");
    assert!(
        shown.contains("c.Set(\"a\", 1)") && shown.contains("c.Set(\"c\", 1)") && shown.contains("faults"),
        "{shown}"
    );
}

#[test]
fn depth_is_bounded() {
    for text in [
        format!("package a\nfunc f() {{ x := {}1{} }}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("package a\nfunc f() {{ {} }}", "{".repeat(20_000)),
        format!("package a\nfunc f() {{ x{} }}", ".A(1)".repeat(20_000)),
        format!("package a\nfunc f() {{ x = x{} }}", " + y".repeat(20_000)),
        format!("package a\nfunc f() {{ if a {{}} {} }}", "else if b {}".repeat(5_000)),
        format!("package a\nvar x = {}1{}", "[]int{".repeat(5_000), "}".repeat(5_000)),
        format!("package a\nvar x = [][]int{{{}1{}}}", "{".repeat(5_000), "}".repeat(5_000)),
        format!("package a\nvar x {}int", "*".repeat(50_000)),
        format!("package a\nvar x = {}int(1)", "*".repeat(50_000)),
    ] {
        drop(lower(Path::new("a.go"), Arc::from(text.as_str())));
    }
}

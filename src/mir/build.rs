//! The only way to make MIR: appends instructions to the region that is open.
//!
//! In: calls from `lower` (and from passes that make code). Out: a `Function` whose regions are complete.
//! Invariant: regions are opened and closed like brackets; an instruction's operands were defined before it.

use super::*;

/// Builds one function. `region` is where instructions go.
pub struct Builder {
    pub func: Function,
    /// Regions being filled, innermost last.
    open: Vec<Region>,
    /// Line given to new instructions.
    pub line: SourcePos,
}

impl Builder {
    /// Starts a function with the given parameters; its body region is open.
    pub fn new(name: impl Into<String>, source: u32, params: &[Ty], results: Vec<Ty>) -> Builder {
        let mut builder = Builder {
            func: Function {
                name: name.into(),
                source,
                kind: FuncKind::Normal,
                body: Region(0),
                results,
                values: Table::default(),
                insts: Table::default(),
                regions: Table::default(),
                stack_slots: Table::default(),
                owner_slots: 0,
                lengths: Vec::new(),
                arrays: Vec::new(),
                growth: Growth::default(),
                stack_check: None,
                remarks: None,
            },
            open: Vec::new(),
            line: SourcePos { source, line: 0 },
        };
        let (body, _) = builder.open(params);
        builder.func.body = body;
        builder
    }

    /// Goes on with a function in a new region that stands nowhere yet: for passes, which put the
    /// instructions that come out of `detach` where they belong.
    pub fn resume(func: Function) -> Builder {
        let mut builder = Builder { func, open: Vec::new(), line: SourcePos::default() };
        builder.open(&[]);
        builder
    }

    /// Ends what `resume` began: the function and the new instructions.
    pub fn detach(mut self) -> (Function, Vec<Inst>) {
        let region = self.close(End::Unreachable);
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        (self.finish(), insts)
    }

    /// Parameters of a region.
    pub fn params(&self, region: Region) -> &[Value] {
        &self.func.regions[region].params
    }

    /// Type of a value.
    pub fn ty(&self, value: Value) -> Ty {
        self.func.values[value].ty
    }

    /// Opens a new region with parameters of the given types.
    pub fn open(&mut self, params: &[Ty]) -> (Region, Vec<Value>) {
        let region: Region = self.func.regions.push(RegionData::new());
        let values: Vec<Value> = params
            .iter()
            .enumerate()
            .map(|(index, ty)| {
                self.func.values.push(ValueData { ty: *ty, def: Def::Param { region, index: index as u32 } })
            })
            .collect();
        self.func.regions[region].params.clone_from(&values);
        self.open.push(region);
        (region, values)
    }

    /// Closes the innermost region with the given end.
    pub fn close(&mut self, end: End) -> Region {
        let region = self.open.pop().expect("invariant: a region is open");
        self.func.regions[region].end = end;
        region
    }

    /// Appends the instructions of a closed region that stands nowhere.
    pub fn append(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let open = *self.open.last().expect("invariant: a region is open");
        self.func.regions[open].insts.extend(insts);
    }

    /// The function, when its body has been closed.
    pub fn finish(self) -> Function {
        assert!(self.open.is_empty(), "invariant: every region is closed");
        self.func
    }

    /// Appends an instruction; its results have the given types.
    pub fn inst(&mut self, op: Op, results: &[Ty]) -> Inst {
        let inst: Inst = self.func.insts.push(InstData { op, results: Results::new(), line: self.line });
        for (index, ty) in results.iter().enumerate() {
            let value =
                self.func.values.push(ValueData { ty: *ty, def: Def::Result { inst, index: index as u32 } });
            self.func.insts[inst].results.push(value);
        }
        let region = *self.open.last().expect("invariant: a region is open");
        self.func.regions[region].insts.push(inst);
        inst
    }

    /// Reserves an instruction id for a structured operation whose regions name it in `Break`/`Continue`
    /// before it is complete; `place` appends it.
    pub fn reserve(&mut self) -> Inst {
        self.func.insts.push(InstData { op: Op::Iconst(0), results: Results::new(), line: self.line })
    }

    /// Appends a reserved instruction to the open region.
    pub fn place(&mut self, inst: Inst, op: Op, results: &[Ty]) -> Vec<Value> {
        let values: Vec<Value> = results
            .iter()
            .enumerate()
            .map(|(index, ty)| {
                self.func.values.push(ValueData { ty: *ty, def: Def::Result { inst, index: index as u32 } })
            })
            .collect();
        let data = &mut self.func.insts[inst];
        data.op = op;
        data.results = Results::from_slice(&values);
        let region = *self.open.last().expect("invariant: a region is open");
        self.func.regions[region].insts.push(inst);
        values
    }

    fn one(&mut self, op: Op, ty: Ty) -> Value {
        let inst = self.inst(op, &[ty]);
        self.func.insts[inst].results[0]
    }

    pub fn iconst(&mut self, ty: Ty, value: i64) -> Value {
        self.one(Op::Iconst(value), ty)
    }
    pub fn i64(&mut self, value: i64) -> Value {
        self.iconst(Ty::I64, value)
    }
    pub fn bool(&mut self, value: bool) -> Value {
        self.iconst(Ty::Bool, value as i64)
    }
    pub fn null(&mut self) -> Value {
        self.iconst(Ty::Ptr, 0)
    }
    pub fn f64(&mut self, value: f64) -> Value {
        self.one(Op::Fconst(value.to_bits()), Ty::F64)
    }
    pub fn f32(&mut self, value: f32) -> Value {
        self.one(Op::Fconst(u64::from(value.to_bits())), Ty::F32)
    }
    /// A float constant of type `ty`.
    pub fn fconst(&mut self, ty: Ty, value: f64) -> Value {
        if ty == Ty::F32 { self.f32(value as f32) } else { self.f64(value) }
    }
    /// Zero of any type.
    pub fn zero(&mut self, ty: Ty) -> Value {
        if ty.is_float() { self.one(Op::Fconst(0), ty) } else { self.iconst(ty, 0) }
    }
    pub fn unary(&mut self, op: UnaryOp, arg: Value) -> Value {
        let ty = self.ty(arg);
        self.one(Op::Unary { op, arg }, ty)
    }
    pub fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
        let ty = self.ty(lhs);
        self.one(Op::Binary { op, lhs, rhs }, ty)
    }
    /// Result and overflow flag.
    pub fn checked(&mut self, op: CheckedOp, lhs: Value, rhs: Value) -> (Value, Value) {
        let inst = self.inst(Op::Checked { op, lhs, rhs }, &[Ty::I64, Ty::Bool]);
        let results = &self.func.insts[inst].results;
        (results[0], results[1])
    }
    pub fn compare(&mut self, cond: Cond, lhs: Value, rhs: Value) -> Value {
        self.one(Op::Compare { cond, lhs, rhs }, Ty::Bool)
    }
    pub fn select(&mut self, cond: Value, then: Value, orelse: Value) -> Value {
        let ty = self.ty(then);
        self.one(Op::Select { cond, then, orelse }, ty)
    }
    pub fn not(&mut self, cond: Value) -> Value {
        self.unary(UnaryOp::Bnot, cond)
    }
    pub fn convert(&mut self, op: ConvertOp, arg: Value, to: Ty) -> Value {
        self.one(Op::Convert { op, arg }, to)
    }
    /// `func(args)` with libm's bits.
    pub fn math(&mut self, func: MathFn, args: Vec<Value>) -> Value {
        let ty = self.ty(args[0]);
        self.one(Op::Math { func, args, near: false, known: None }, ty)
    }
    /// `func(args)` to within one unit in the last place.
    pub fn math_near(&mut self, func: MathFn, args: Vec<Value>) -> Value {
        let ty = self.ty(args[0]);
        self.one(Op::Math { func, args, near: true, known: None }, ty)
    }
    pub fn ptr_add(&mut self, base: Value, bytes: Value) -> Value {
        self.one(Op::PtrAdd { base, bytes }, Ty::Ptr)
    }
    pub fn load(&mut self, mem: Mem, ty: Ty, addr: Address) -> Value {
        self.one(Op::Load { mem, addr }, ty)
    }
    pub fn store(&mut self, mem: Mem, addr: Address, value: Value) {
        self.inst(Op::Store { mem, addr, value }, &[]);
    }
    pub fn guard(&mut self, cond: Value, fail: Fail) {
        self.inst(Op::Guard { cond, fail }, &[]);
    }
    /// A call of a runtime function with at most one result.
    pub fn runtime(&mut self, func: RuntimeFn, args: Vec<Value>, result: Option<Ty>) -> Option<Value> {
        let results: Vec<Ty> = result.into_iter().collect();
        let inst = self.inst(Op::Runtime { func, args }, &results);
        self.func.insts[inst].results.first().copied()
    }
    pub fn call(
        &mut self,
        func: Func,
        args: Vec<Value>,
        results: &[Ty],
        site: SiteId,
        after_effect: bool,
    ) -> Vec<Value> {
        let inst = self.inst(Op::Call { func, args, site, after_effect }, results);
        self.func.insts[inst].results.to_vec()
    }
    pub fn stack_slot(&mut self, bytes: u32) -> StackSlot {
        self.func.stack_slots.push(bytes.next_multiple_of(8))
    }
    pub fn owner_slot(&mut self) -> OwnerSlot {
        self.func.owner_slots += 1;
        OwnerSlot(self.func.owner_slots - 1)
    }
    /// `if cond { then } else { orelse }` from two closed regions.
    pub fn if_(&mut self, cond: Value, then: Region, orelse: Region, results: &[Ty]) -> Vec<Value> {
        let inst = self.inst(Op::If { cond, then, orelse }, results);
        self.func.insts[inst].results.to_vec()
    }
}

/// `base + disp`.
pub fn at(base: Value, disp: i32) -> Address {
    Address { base, index: None, disp }
}

/// `base + index * scale`.
pub fn indexed(base: Value, index: Value, scale: u32) -> Address {
    Address { base, index: Some((index, scale)), disp: 0 }
}
